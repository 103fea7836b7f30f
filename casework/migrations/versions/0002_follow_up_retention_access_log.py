"""follow-up, retention, access log

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table('opinions',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('answer', sa.String(length=8), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('accesses',
    sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.String(length=32), nullable=False),
    sa.Column('ticket_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('accesses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accesses_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_accesses_ticket_id'), ['ticket_id'], unique=False)

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('expired', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.add_column(sa.Column('appointment_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('remind_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('opinion', sa.String(length=8), nullable=False, server_default='unasked'))

    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.add_column(sa.Column('raised_at', sa.DateTime(timezone=True), nullable=True))

    # ### end Alembic commands ###


def downgrade() -> None:
    """Back from this revision."""
    with op.batch_alter_table('tickets', schema=None) as batch_op:
        batch_op.drop_column('raised_at')

    with op.batch_alter_table('requests', schema=None) as batch_op:
        batch_op.drop_column('opinion')
        batch_op.drop_column('remind_at')
        batch_op.drop_column('appointment_at')

    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_column('expired')

    with op.batch_alter_table('accesses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accesses_ticket_id'))
        batch_op.drop_index(batch_op.f('ix_accesses_at'))

    op.drop_table('accesses')
    op.drop_table('opinions')
    # ### end Alembic commands ###
